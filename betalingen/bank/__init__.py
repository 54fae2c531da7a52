"""Files to and from the bank: pure functions without a database. See docs/bankbestanden.md."""
