"""The browsers of this machine, driven over loopback: what really happens, beside what the engine says."""
