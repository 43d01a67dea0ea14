"""What goes back to students: feedback, and all that is kept of one."""
