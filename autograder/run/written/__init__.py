"""Written answers, graded by TAs in a spreadsheet."""
