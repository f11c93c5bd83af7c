//! NuGet inside a CI job: an action exchanges the OIDC token for a key, by the name of the user who made the policy.

use crate::registry::ci::{CiRules, LoginUser, Precedence};
use crate::registry::rules::{documented, from_source};

pub(super) static CI: CiRules = CiRules {
    login_user: Some(from_source(
        LoginUser { action: "nuget/login", input: "user" },
        "NuGet/NuGetGallery src/NuGetGallery.Services/Authentication/Federated/FederatedCredentialService.cs",
        "2026-08-17",
    )),
    ..CiRules::plain(
        documented(
            Precedence::Token,
            "NuGet/docs.microsoft.com-nuget docs/nuget-org/trusted-publishing.md",
            "2026-08-07",
        ),
        "dotnet nuget push sends the key that it is given",
    )
};
