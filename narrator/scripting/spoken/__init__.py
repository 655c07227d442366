"""What is said for what is printed, language by language: recognised as a class of words, then put into words."""
