"""Citations: works and editions as reference managers take them."""
