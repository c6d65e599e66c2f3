"""Many projects: their list, their scans on one machine or a cluster, and one store that answers for all of them."""
