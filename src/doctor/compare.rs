//! What is new since another revision: findings are told apart by what they are about, not by their lines.

use super::Diagnosis;
use super::found::Found;

/// Takes out what was there before, each as often as it was there, and counts it.
pub(super) fn since(mut now: Diagnosis, base: &Diagnosis) -> Diagnosis {
    let mut before: Vec<Key> = base.findings().map(key).collect();
    let mut known = 0;
    for phase in &mut now.phases {
        phase.findings.retain(|found| {
            let there = before.iter().position(|old| *old == key(found));
            if let Some(at) = there {
                before.swap_remove(at);
                known += 1;
            }
            there.is_none()
        });
    }
    now.known = Some(known);
    now
}

type Key = (u16, u8, String, String);

fn key(found: &Found) -> Key {
    let file = found.at.as_ref().map(|at| at.file.to_string()).unwrap_or_default();
    // What became worse is new.
    (found.code.number(), found.severity as u8, file, found.about.clone())
}
