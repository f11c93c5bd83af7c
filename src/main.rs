//! Chooses command and face, prints the report, sets the exit code; nothing else.

fn main() {}
