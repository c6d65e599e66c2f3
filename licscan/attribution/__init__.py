"""Room for notices: written, and verified in what is shipped."""
