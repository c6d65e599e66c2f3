"""One record of facts a package, made from its archive, and the store that keeps them for all later scans."""
