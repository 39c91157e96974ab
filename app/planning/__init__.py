"""The open queue as one optimisation: domain values in, a plan out. Only this package knows HiGHS."""
