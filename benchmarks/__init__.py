"""The figures of the README, re-runnable with one command, each beside its raw reference."""
