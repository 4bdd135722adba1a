"""The linter of the training data: `python -m bot.lint`, or `kefu lint`."""
