//! What crates.io takes as names, with the words of its refusals (server's source, 2026-08-21).

const MAX_FIELD: usize = 255;
const MAX_NAME: usize = 64;

/// The owner of a repository.
pub(super) fn owner(owner: &str) -> Result<(), String> {
    let first = owner.chars().next().is_some_and(|letter| letter.is_ascii_alphanumeric());
    let rest = owner.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    match () {
        () if owner.is_empty() => Err("GitHub repository owner name may not be empty".to_owned()),
        () if owner.len() > MAX_FIELD => Err(too_long("GitHub repository owner name")),
        () if !first || !rest => Err("Invalid GitHub repository owner name".to_owned()),
        () => Ok(()),
    }
}

/// The name of a repository.
pub(super) fn repository(name: &str) -> Result<(), String> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    match () {
        () if name.is_empty() => Err("GitHub repository name may not be empty".to_owned()),
        () if name.len() > MAX_FIELD => Err(too_long("GitHub repository name")),
        () if !name.chars().all(fits) => Err("Invalid GitHub repository name".to_owned()),
        () => Ok(()),
    }
}

/// The file name of a workflow. The suffix is looked at before the slashes.
pub(super) fn workflow(name: &str) -> Result<(), String> {
    match () {
        () if name.is_empty() => Err("Workflow filename may not be empty".to_owned()),
        () if name.len() > MAX_FIELD => Err(too_long("Workflow filename")),
        () if !name.ends_with(".yml") && !name.ends_with(".yaml") => {
            Err("Workflow filename must end with `.yml` or `.yaml`".to_owned())
        }
        () if name.contains('/') => Err("Workflow filename must be a filename only, without directories".to_owned()),
        () => Ok(()),
    }
}

/// The name of an environment.
pub(super) fn environment(name: &str) -> Result<(), String> {
    let odd = |letter: char| letter.is_ascii_control() || matches!(letter, '\'' | '"' | '`' | ',' | ';' | '\\');
    match () {
        () if name.is_empty() => Err("Environment name may not be empty (use `null` to omit)".to_owned()),
        () if name.len() > MAX_FIELD => Err(too_long("Environment name")),
        () if name.starts_with(' ') => Err("Environment name may not start with whitespace".to_owned()),
        () if name.ends_with(' ') => Err("Environment name may not end with whitespace".to_owned()),
        () if name.contains(odd) => Err(concat!(
            "Environment name must not contain non-printable characters or the characters ",
            r#""'", """, "`", ",", ";", "\""#
        )
        .to_owned()),
        () => Ok(()),
    }
}

fn too_long(what: &str) -> String {
    format!("{what} is too long (maximum is {MAX_FIELD} characters)")
}

/// The name of a crate.
pub(super) fn crate_name(name: &str) -> Result<(), String> {
    if name.chars().count() > MAX_NAME {
        return Err(format!("the crate name `{name}` is too long (max {MAX_NAME} characters)"));
    }
    let Some(first) = name.chars().next() else {
        return Err("crate name cannot be empty".to_owned());
    };
    if first.is_ascii_digit() {
        return Err(format!("the name `{name}` cannot be used as a crate name, the name cannot start with a digit"));
    }
    if !first.is_ascii_alphabetic() {
        return Err(format!(
            "invalid character `{first}` in crate name: `{name}`, the first character must be an ASCII character"
        ));
    }
    match name.chars().find(|letter| !letter.is_ascii_alphanumeric() && *letter != '-' && *letter != '_') {
        None => Ok(()),
        Some(odd) => Err(format!(
            "invalid character `{odd}` in crate name: `{name}`, characters must be an ASCII alphanumeric characters, \
             `-`, or `_`"
        )),
    }
}
