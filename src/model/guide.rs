//! How one step is done: who acts, which values, where, how it is verified, how it is taken back.

use super::ToolNeed;

/// Who acts in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// untoken, by the registry's API or the user's own tools.
    Untoken,
    /// The person, in a browser.
    YouInBrowser,
    /// The person, in this terminal, which a tool borrows.
    YouInTerminal,
    /// The person, elsewhere, with a tool that untoken does not run.
    YouElsewhere,
}

impl Who {
    /// It as a sentence.
    #[must_use]
    pub fn acts(self) -> &'static str {
        match self {
            Self::Untoken => "untoken acts.",
            Self::YouInBrowser => "You act, in the browser.",
            Self::YouInTerminal => "You act, in this terminal; untoken lends it to the commands.",
            Self::YouElsewhere => "You act, in a terminal of your own: untoken does not run this tool.",
        }
    }
}

/// By which way a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// untoken asks the registry's API, with a token that the person typed.
    Api,
    /// The person's own tool (`npm trust`, `cargo publish`).
    Tool,
    /// The person, on a web page, with values to copy.
    Browser,
}

/// What goes into a field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Exactly this: it can be copied alone.
    Exact(String),
    /// Nothing: the field stays empty.
    Empty,
    /// What the person does there, as words: a box that is ticked, a choice that only they can make. Never to be copied.
    Act(String),
}

impl FieldValue {
    /// What can be copied and typed as it stands.
    #[must_use]
    pub fn exact(&self) -> Option<&str> {
        match self {
            Self::Exact(text) => Some(text),
            Self::Empty | Self::Act(_) => None,
        }
    }

    /// The same for a reader.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Exact(text) | Self::Act(text) => text,
            Self::Empty => "leave empty",
        }
    }

    /// The same where a value and a word for it must not be taken for one another: `(leave empty)`.
    #[must_use]
    pub fn told_apart(&self) -> String {
        match self {
            Self::Exact(text) => text.clone(),
            Self::Empty | Self::Act(_) => format!("({})", self.words()),
        }
    }
}

impl From<String> for FieldValue {
    /// An empty text is an empty field.
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Exact(text) }
    }
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The form's own label.
    pub label: String,
    /// What goes into it.
    pub value: FieldValue,
    /// A remark: `GitHub's own spelling`.
    pub note: Option<String>,
}

/// A page to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub label: String,
    /// Its address (http or https).
    pub url: String,
    /// Whether the form there comes filled in.
    pub prefilled: bool,
}

/// Where a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunIn {
    /// The package's own folder in the checkout.
    Package,
    /// An empty folder of untoken's own, so that no file of the checkout redirects the tool.
    Private,
}

/// One argument of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// As it stands.
    Text(String),
    /// The path of a file in untoken's private folder (empty: that folder), known only when it runs.
    Private(String),
    /// The path of a file in the package's own folder (empty: that folder), for a tool that runs elsewhere.
    Package(String),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A command of the person's own tools. Arguments are a vector, never a shell line; secrets are never among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The tool: `cargo`, `npm`.
    pub tool: &'static str,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// Where it runs.
    pub run_in: RunIn,
    /// Extra environment, not secret.
    pub env: Vec<(String, String)>,
    /// What this call is for, as a fragment.
    pub purpose: String,
    /// Whether it gets the registry credential; calls without it run with every token variable taken away.
    pub credential: bool,
    /// What it cannot do without besides the tool itself.
    pub needs: &'static [ToolNeed],
}

impl ToolCall {
    /// The command as a person would type it, with names for the folders that are known only when it runs.
    #[must_use]
    pub fn shown(&self) -> String {
        self.shown_in("$PACKAGE", "$PRIVATE")
    }

    /// Whether it means something only in its folders.
    #[must_use]
    pub fn names_folder(&self) -> bool {
        self.run_in == RunIn::Package || self.args.iter().any(|arg| !matches!(arg, Arg::Text(_)))
    }

    /// The command for a person's own terminal in the project: where pnpm is its package manager, it runs npm.
    #[must_use]
    pub fn by_hand(&self, by_pnpm: bool) -> String {
        let shown = self.shown();
        if by_pnpm && self.tool == "npm" { format!("pnpm exec {shown}") } else { shown }
    }

    /// The command as a person would type it, with these folders.
    #[must_use]
    pub fn shown_in(&self, package: &str, private: &str) -> String {
        let below = |folder: &str, file: &str| match file {
            "" => folder.to_owned(),
            file => format!("{folder}/{}", shell_word(file)),
        };
        let words = self.args.iter().map(|arg| {
            let arg = match arg {
                Arg::Text(text) => text,
                Arg::Private(file) => return below(private, file),
                Arg::Package(file) => return below(package, file),
            };
            shell_word(arg)
        });
        std::iter::once(self.tool.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// A text as one word of a shell, whatever stands in it.
#[must_use]
pub fn shell_word(text: &str) -> String {
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_=./@:+,%".contains(c)) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// A text that untoken lays into its private folder before a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateFile {
    /// Its path below that folder, with `/`.
    pub path: String,
    /// What it holds; never a secret.
    pub text: String,
}

/// How one step is done by one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// Which way.
    pub way: Way,
    /// Who acts.
    pub who: Who,
    /// One sentence: what this does.
    pub title: String,
    /// What else to know beforehand, a sentence each.
    pub text: Vec<String>,
    /// The values.
    pub fields: Vec<Field>,
    /// The page.
    pub link: Option<Link>,
    /// The commands, in order.
    pub commands: Vec<ToolCall>,
    /// How it is verified afterwards.
    pub verify: String,
    /// How it is taken back, or that it cannot be.
    pub undo: String,
}
