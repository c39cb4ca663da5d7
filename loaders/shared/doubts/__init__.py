"""What is doubtful in rows that are read: columns nobody asked for, halves of the day, ids that floats damaged."""
