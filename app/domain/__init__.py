"""Pure decisions on frozen values: standard library only, no clock, no input or output."""
