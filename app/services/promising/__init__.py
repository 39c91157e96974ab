"""Operations on what channels are told: the policy sheet, publishing numbers, and stopping in time."""
