//! Which registry a name is taken to open, and why. What a workflow does with it goes before what it is called.

use super::{Taken, Use, Why};
use crate::model::{Destination, Registry, SecretName, name_parts, says_credential};
use crate::registry;

/// What a secret opens: where workflows publish with it, else what its name says.
pub(super) fn tokens(name: &SecretName, uses: &[Use]) -> Vec<Taken> {
    let mut fed: Vec<Taken> = Vec::new();
    for feeds in uses.iter().filter_map(|used| used.feeds.as_ref()) {
        if !fed.iter().any(|known| known.destination == feeds.destination) {
            fed.push(Taken { destination: feeds.destination.clone(), why: Why::Feeds });
        }
    }
    fed.sort_by(|a, b| a.destination.cmp(&b.destination));
    if fed.is_empty() { by_name(name.as_str()) } else { fed }
}

/// What a variable of the environment opens. Tools have many settings under the same words, so that a word of credentials
/// has to be in it.
pub(super) fn variable(name: &str) -> Vec<Taken> {
    let mut tokens = by_name(name);
    tokens.retain(|taken| taken.why == Why::Client || says_credential(name));
    tokens
}

fn by_name(name: &str) -> Vec<Taken> {
    if is_for_trials(name) {
        return vec![Taken { destination: Destination::TestPypi, why: Why::Word("testpypi") }];
    }
    let of = |registry: Registry| {
        let guides = registry::guides(registry);
        let mut exact = guides.rules().token_variables.iter().chain(guides.ci().more_token_variables);
        let word = || registry.token_names().sign_in(name).map(Why::Word);
        let why = if exact.any(|known| *known == name) { Some(Why::Client) } else { word() };
        why.map(|why| Taken { destination: Destination::Main(registry), why })
    };
    Registry::ALL.into_iter().filter_map(of).collect()
}

/// Whether a name speaks of PyPI's registry for trials, and of a credential.
fn is_for_trials(name: &str) -> bool {
    let parts: Vec<String> = name_parts(name).collect();
    let beside =
        parts.windows(2).any(|two| matches!([two[0].as_str(), two[1].as_str()], ["test", "pypi"] | ["pypi", "test"]));
    (beside || parts.iter().any(|part| part == "testpypi")) && says_credential(name)
}
