"""Make a parcel good that went wrong: wait, send again, give money back; and claim it of its carrier."""
