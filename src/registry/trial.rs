//! Where a pre-release is enough to see the proof, and what a pre-release takes: so that nobody burns a real version on it.

use super::rules::{Rule, documented, from_source};
use crate::model::Registry;

/// What a pre-release means for the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// How such a version is written.
    pub written: &'static str,
    /// What else it takes or does, a sentence.
    pub note: &'static str,
}

/// Whether a pre-release is enough, and how it is made. It is for every registry: publishers are not bound to a version.
#[must_use]
pub fn trial(registry: Registry) -> Rule<Trial> {
    match registry {
        Registry::CratesIo => from_source(
            Trial {
                written: "1.2.3-rc.1",
                note: "Every version carries its own trustpub_data; cargo picks a pre-release only where it is asked for.",
            },
            "rust-lang/crates.io crates/crates_io_api_types/src/lib.rs",
            "2026-08-21",
        ),
        Registry::Npm => from_source(
            Trial {
                written: "1.2.3-rc.1",
                note: "npm publishes a pre-release only with --tag, so the workflow has to say one (npm publish --tag next).",
            },
            "npm/cli lib/commands/publish.js (11.19)",
            "2026-11-21",
        ),
        Registry::Pypi => documented(
            Trial {
                written: "1.2.3rc1",
                note: "The integrity API answers for every file of every release; pip takes a pre-release only with --pre.",
            },
            "pypi/warehouse docs/user/api/integrity.md",
            "2026-08-17",
        ),
        Registry::Jsr => documented(
            Trial {
                written: "1.2.3-rc.1",
                note: "Every version has its own provenance; a pre-release never becomes the latest.",
            },
            "jsr-io/jsr frontend/docs/trust.md",
            "2026-08-22",
        ),
        Registry::PubDev => documented(
            Trial {
                written: "1.2.3-dev.1",
                note: "The tag has to fit the pattern of the admin page with that version in it.",
            },
            "dart-lang/site-www src/content/tools/pub/automated-publishing.md",
            "2026-08-17",
        ),
        Registry::RubyGems => documented(
            Trial { written: "1.2.3.rc1", note: "gem installs a pre-release only with --pre." },
            "rubygems/guides patterns.md",
            "2026-08-17",
        ),
        Registry::Nuget => documented(
            Trial { written: "1.2.3-rc.1", note: "NuGet shows a pre-release only where it is asked for." },
            "NuGet/docs.microsoft.com-nuget docs/concepts/Package-Versioning.md",
            "2026-08-07",
        ),
    }
}
