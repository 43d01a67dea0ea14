"""A course as every stage sees it: its folder, its sources, its questions, its released cells, a clean submission."""

from autograder.course.folder import CHECKS, Course, find_course, load_course
from autograder.course.room_needs import BARE, RoomNeeds
from autograder.course.settings import Attachment

__all__ = ["BARE", "CHECKS", "Attachment", "Course", "RoomNeeds", "find_course", "load_course"]
