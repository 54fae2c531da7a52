"""The pages that read across packages."""
