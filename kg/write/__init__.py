"""Writers: a Dataset in, bytes out; every one deterministic."""
