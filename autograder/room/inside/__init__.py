"""What runs behind the wall: the warm template, and what its children do before they become a room.

The template sees this folder and no other of this project, so nothing in here imports anything of the autograder
but its neighbours. None of it is secret: student code may read all of it.
"""
