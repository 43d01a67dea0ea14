"""What students ask to have looked at again, and what is decided."""
