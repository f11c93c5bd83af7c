//! What a person can want. Keys and typed words are turned into these by the one table in `keymap`.

/// Something that a person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Go on: the main thing of the screen.
    Go,
    /// One screen or stage back.
    Back,
    /// Leave untoken.
    Quit,
    /// Show the keys.
    Help,
    /// Up by one.
    Up,
    /// Down by one.
    Down,
    /// Up by a page.
    PageUp,
    /// Down by a page.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Read everything again.
    Refresh,
    /// Try the failed ones again.
    Retry,
    /// Open the page in a browser.
    Open,
    /// Copy what is under the cursor, or the code.
    Copy,
    /// Use the token that the environment holds.
    UseEnvironment,
    /// Use the token that is kept from an earlier sign-in.
    UseStored,
    /// Use gh's login.
    UseGh,
    /// Paste a token.
    PasteToken,
    /// Sign in to GitHub after all.
    SignIn,
    /// Go on without a sign-in.
    Without,
    /// Keep the token in a file that only this account may read.
    KeepInFile,
    /// Keep the token for this sitting only.
    KeepInMemory,
    /// Select or leave one.
    Toggle,
    /// Select all or none.
    ToggleAll,
    /// Go to the next open step, whichever package has it.
    Next,
    /// Look for packages by name.
    Filter,
    /// Read the registries' lists with the person's own credentials.
    Unlock,
    /// Take away old entries that a new one stands beside.
    RemoveOld,
    /// Review the pending changes.
    Review,
    /// The names of secrets.
    Secrets,
    /// Finish: the receipt.
    Finish,
    /// Change the values of a step.
    Edit,
    /// The other way of doing a step.
    OtherWay,
    /// Take in every other package with the same step open.
    TakeAll,
    /// Show what exactly would be sent or run.
    Show,
    /// Make a message for somebody who may do it.
    HandOver,
    /// Write all that is taken.
    Write,
    /// Save the changes as a patch file.
    Patch,
    /// Wait for a release no longer.
    Forget,
    /// The demo: do what the person in the browser would do.
    Visit,
}
