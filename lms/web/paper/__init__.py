"""What is printed: the fonts, which letters they hold, and letters with lists."""
