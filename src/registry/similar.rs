//! Names that a registry takes for the same, so that it would refuse the new one: the spellings worth a question.
//!
//! Only spellings that differ in punctuation are asked for. Registries refuse more than that (a letter for another, short names
//! a letter apart), so that finding nothing is never shown as "free".

use futures::future::BoxFuture;

use super::answers::absent;
use crate::model::{NameFacts, PackageName, PublicFacts};

/// The other spellings of a name, without and with other punctuation between its words.
pub(super) fn spellings(name: &PackageName, marks: &[char]) -> Vec<PackageName> {
    let words: Vec<&str> = name.as_str().split(marks).collect();
    if words.len() < 2 || words.iter().any(|word| word.is_empty()) {
        return Vec::new();
    }
    let joints = std::iter::once(String::new()).chain(marks.iter().map(char::to_string));
    let spelled = joints.filter_map(|joint| PackageName::new(&words.join(&joint)).ok());
    spelled.filter(|other| other != name).collect()
}

/// What is known of a name that is not there, after a look at its other spellings. One that can't be read is passed over.
pub(super) async fn absent_unless<'a>(
    others: Vec<PackageName>,
    is_there: impl Fn(PackageName) -> BoxFuture<'a, bool>,
) -> PublicFacts {
    for other in others {
        if is_there(other.clone()).await {
            return PublicFacts { name: NameFacts { source: None, like: Some(other) }, ..absent() };
        }
    }
    absent()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn of(name: &str, marks: &[char]) -> Vec<String> {
        spellings(&PackageName::new(name).unwrap(), marks).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_names_of_several_words_have_other_spellings() {
        assert_eq!(of("react-native", &['-', '_', '.']), ["reactnative", "react_native", "react.native"]);
        assert_eq!(of("react_native", &['_']), ["reactnative"]);
        assert!(of("react", &['-', '_', '.']).is_empty());
        assert!(of("-react", &['-']).is_empty());
    }
}
