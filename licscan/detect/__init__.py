"""Room for the detection of licenses and copyright statements in texts."""
