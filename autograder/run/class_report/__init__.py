"""report.html: how a class did, question by question, what was misunderstood, and what a person should look at."""
