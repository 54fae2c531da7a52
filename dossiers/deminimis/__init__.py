"""The declaration on honour of de-minimis aid, in the tracks that ask for it."""
