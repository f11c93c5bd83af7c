//! What the ladder shows where a registry answers as it should, in each state that a package may be in.

use Remembered::{Made, Nothing, Stated};
use Whose::{Nobodys, Ours, SomeoneElses, Unproven};

use crate::model::Registry;
use crate::registry::testing::ladder::{Remembered, Whose};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

const NOTHING_PUBLISHED: &str = "no: nothing is published yet";
const ONLY_THE_OWNER: &str = "unknown: only to their owner";
const NO_SWITCH: &str = "does not apply: no switch";

/// What is shown where a registry answers as it should, in each state that a package may be in.
pub(super) struct States {
    pub(super) absent: Cell,
    pub(super) ours: Cell,
    pub(super) someone_elses: Cell,
    pub(super) lapsed: Cell,
}

pub(super) enum Cell {
    /// What each case shows; the first is the usual one.
    Shows(&'static [Case]),
    /// There is no such state, for this reason.
    Never(&'static str),
}

/// What the registry says, what untoken remembers, and how the four rungs stand: `word: a part of why`.
pub(super) struct Case(pub(super) Whose, pub(super) Remembered, pub(super) [&'static str; 4]);

impl States {
    pub(super) fn named(&self) -> [(&'static str, &Cell); 4] {
        let Self { absent, ours, someone_elses, lapsed } = self;
        [("absent", absent), ("ours", ours), ("someone else's", someone_elses), ("lapsed", lapsed)]
    }
}

pub(super) const fn states(registry: Registry) -> States {
    match registry {
        Registry::CratesIo => States {
            absent: Cell::Shows(&[Case(
                Nobodys,
                Nothing,
                [
                    "no: crates.io has no such package",
                    "no: has to be on crates.io once",
                    NOTHING_PUBLISHED,
                    "no: tokens may still publish it",
                ],
            )]),
            ours: Cell::Shows(&[Case(
                Ours,
                Nothing,
                [
                    "yes: 1.1.0 is published",
                    "yes: entry 4 trusts acme/widgets release.yml",
                    "yes: 1.1.0 was published by OIDC (trustpub_data",
                    "yes: tokens are refused",
                ],
            )]),
            someone_elses: Cell::Shows(&[Case(
                SomeoneElses,
                Nothing,
                [
                    "yes: 1.1.0 is published",
                    "no: none is acme/widgets release.yml in any environment: acme/gadgets",
                    "no: by acme/gadgets, which is not acme/widgets",
                    "yes: tokens are refused",
                ],
            )]),
            lapsed: Cell::Never("an entry stays until somebody removes it"),
        },
        Registry::Npm => States {
            absent: Cell::Shows(&[Case(
                Nobodys,
                Nothing,
                [
                    "no: npm has no such package",
                    "no: has to be on npm once",
                    NOTHING_PUBLISHED,
                    "unknown: npm lets nobody read",
                ],
            )]),
            ours: Cell::Shows(&[Case(
                Ours,
                Nothing,
                [
                    "yes: 1.0.0 is published",
                    "yes: entry 7b2e trusts acme/widgets release.yml",
                    "yes: 1.0.0 was published by OIDC by release.yml",
                    "unknown: npm lets nobody read",
                ],
            )]),
            someone_elses: Cell::Shows(&[Case(
                SomeoneElses,
                Nothing,
                [
                    "yes: 1.0.0 is published",
                    "no: none is acme/widgets release.yml in any environment: acme/gadgets",
                    "no: by acme/gadgets, which is not acme/widgets",
                    "unknown: npm lets nobody read",
                ],
            )]),
            lapsed: Cell::Shows(&[
                Case(
                    Unproven,
                    Made(48 * HOUR),
                    [
                        "yes: 1.0.0 is published",
                        "no: entry 7b2e has lapsed: it published nothing for 48 h",
                        "no: published with a token (mona)",
                        "unknown: npm lets nobody read",
                    ],
                ),
                Case(
                    Unproven,
                    Made(47 * HOUR),
                    [
                        "yes: 1.0.0 is published",
                        "yes: lapses in 60 min unless it publishes",
                        "no: published with a token (mona)",
                        "unknown: npm lets nobody read",
                    ],
                ),
                Case(
                    Unproven,
                    Nothing,
                    [
                        "yes: 1.0.0 is published",
                        "unknown: may have lapsed",
                        "no: published with a token (mona)",
                        "unknown: npm lets nobody read",
                    ],
                ),
            ]),
        },
        Registry::Pypi => States {
            absent: Cell::Shows(&[Case(
                Nobodys,
                Nothing,
                [
                    "no: PyPI has no such package; a pending publisher may create it",
                    ONLY_THE_OWNER,
                    NOTHING_PUBLISHED,
                    NO_SWITCH,
                ],
            )]),
            ours: Cell::Shows(&[
                Case(
                    Ours,
                    Stated(HOUR),
                    [
                        "yes: 1.2.0 is published",
                        "stated: you said that PyPI trusts acme/widgets release.yml",
                        "yes: 1.2.0 was published by OIDC by release.yml in pypi",
                        NO_SWITCH,
                    ],
                ),
                Case(
                    Nobodys,
                    Stated(HOUR),
                    [
                        "stated: you said that a pending publisher may create it",
                        "stated: the pending publisher ends in 29 days",
                        NOTHING_PUBLISHED,
                        NO_SWITCH,
                    ],
                ),
            ]),
            someone_elses: Cell::Shows(&[Case(
                SomeoneElses,
                Nothing,
                [
                    "yes: 1.2.0 is published",
                    ONLY_THE_OWNER,
                    "no: by acme/gadgets, which is not acme/widgets",
                    NO_SWITCH,
                ],
            )]),
            lapsed: Cell::Shows(&[Case(
                Nobodys,
                Stated(30 * DAY),
                [
                    "unknown: PyPI drops those not used after 30 days",
                    "unknown: PyPI drops those not used after 30 days",
                    NOTHING_PUBLISHED,
                    NO_SWITCH,
                ],
            )]),
        },
        Registry::Jsr => States {
            absent: Cell::Shows(&[Case(
                Nobodys,
                Nothing,
                [
                    "no: JSR has no such package",
                    "no: has to be on JSR once",
                    NOTHING_PUBLISHED,
                    "unknown: to the scope's admins alone",
                ],
            )]),
            ours: Cell::Shows(&[Case(
                Ours,
                Nothing,
                [
                    "yes: 1.2.0 is published",
                    "yes: entry 700 trusts acme/widgets",
                    "unknown: which a publish with a token from GitHub Actions carries too",
                    "unknown: to the scope's admins alone",
                ],
            )]),
            someone_elses: Cell::Shows(&[Case(
                SomeoneElses,
                Nothing,
                [
                    "yes: 1.2.0 is published",
                    "no: JSR lists 1 publisher, none is acme/widgets",
                    "unknown: which a publish with a token from GitHub Actions carries too",
                    "unknown: to the scope's admins alone",
                ],
            )]),
            lapsed: Cell::Never("a link stays until somebody takes it away"),
        },
        Registry::PubDev => States {
            absent: Cell::Shows(&[Case(
                Nobodys,
                Nothing,
                [
                    "no: pub.dev has no such package",
                    ONLY_THE_OWNER,
                    NOTHING_PUBLISHED,
                    "unknown: pub.dev lets nobody read",
                ],
            )]),
            ours: Cell::Shows(&[Case(
                Ours,
                Stated(HOUR),
                [
                    "yes: 1.2.0 is published",
                    "stated: you said that pub.dev trusts acme/widgets",
                    "unknown: pub.dev does not show how",
                    "unknown: pub.dev lets nobody read",
                ],
            )]),
            someone_elses: Cell::Shows(&[Case(
                SomeoneElses,
                Nothing,
                [
                    "yes: 1.2.0 is published",
                    ONLY_THE_OWNER,
                    "unknown: pub.dev does not show how",
                    "unknown: pub.dev lets nobody read",
                ],
            )]),
            lapsed: Cell::Never("the setting stays until somebody changes it"),
        },
        Registry::RubyGems => States {
            absent: Cell::Shows(&[Case(
                Nobodys,
                Nothing,
                [
                    "no: RubyGems has no such package; a pending publisher may create it",
                    "unknown: RubyGems knows no package widgets",
                    NOTHING_PUBLISHED,
                    NO_SWITCH,
                ],
            )]),
            ours: Cell::Shows(&[
                Case(
                    Ours,
                    Nothing,
                    [
                        "yes: 1.2.0 is published",
                        "yes: entry 4 trusts acme/widgets release.yml",
                        "yes: 1.2.0 was published by OIDC by release.yml",
                        NO_SWITCH,
                    ],
                ),
                Case(
                    Nobodys,
                    Stated(HOUR),
                    [
                        "stated: you said that a pending publisher may create it",
                        "stated: the pending publisher ends in 11 h",
                        NOTHING_PUBLISHED,
                        NO_SWITCH,
                    ],
                ),
            ]),
            someone_elses: Cell::Shows(&[Case(
                SomeoneElses,
                Nothing,
                [
                    "yes: 1.2.0 is published",
                    "no: none is acme/widgets release.yml in any environment: acme/gadgets",
                    "no: by acme/gadgets, which is not acme/widgets",
                    NO_SWITCH,
                ],
            )]),
            lapsed: Cell::Shows(&[Case(
                Nobodys,
                Stated(12 * HOUR),
                [
                    "unknown: RubyGems drops those not used after 12 h",
                    "unknown: RubyGems drops those not used after 12 h",
                    NOTHING_PUBLISHED,
                    NO_SWITCH,
                ],
            )]),
        },
        Registry::Nuget => States {
            absent: Cell::Shows(&[Case(
                Nobodys,
                Nothing,
                [
                    "no: NuGet has no such package; the first release makes it",
                    ONLY_THE_OWNER,
                    NOTHING_PUBLISHED,
                    NO_SWITCH,
                ],
            )]),
            ours: Cell::Shows(&[Case(
                Ours,
                Stated(HOUR),
                [
                    "yes: 1.2.0 is published",
                    "stated: you said that NuGet trusts acme/widgets release.yml",
                    "unknown: NuGet does not show how",
                    NO_SWITCH,
                ],
            )]),
            someone_elses: Cell::Shows(&[Case(
                SomeoneElses,
                Nothing,
                ["yes: 1.2.0 is published", ONLY_THE_OWNER, "unknown: NuGet does not show how", NO_SWITCH],
            )]),
            lapsed: Cell::Shows(&[Case(
                Ours,
                Stated(7 * DAY),
                [
                    "yes: 1.2.0 is published",
                    "unknown: one that publishes nothing for 7 days lapses, and NuGet shows nobody whether it did",
                    "unknown: NuGet does not show how",
                    NO_SWITCH,
                ],
            )]),
        },
    }
}
