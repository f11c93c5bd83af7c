//! .NET's packages.

use pretty_assertions::assert_eq;

use super::*;

const LIBRARY: &str = "src/Acme.Widgets/Acme.Widgets.csproj";

fn project(properties: &str) -> String {
    format!("\u{feff}<Project Sdk=\"Microsoft.NET.Sdk\">\n<PropertyGroup>{properties}</PropertyGroup>\n</Project>\n")
}

fn one(properties: &str) -> Checkout {
    look_at(&[(LIBRARY, &project(properties))])
}

#[test]
fn the_name_is_the_package_id_or_the_assembly_or_the_files() {
    let described = "<Description>d</Description>";
    assert_eq!(names(&one(described)), ["NuGet Acme.Widgets ?"]);
    assert_eq!(names(&one(&format!("{described}<AssemblyName>Widgets</AssemblyName>"))), ["NuGet Widgets ?"]);
    let both = "<AssemblyName>Other</AssemblyName><PackageId>Acme.Id</PackageId><Version>1.2.3</Version>";
    assert_eq!(names(&one(both)), ["NuGet Acme.Id 1.2.3"]);
    assert_eq!(names(&one("<PackageId>$(AssemblyName)</PackageId>")), ["NuGet Acme.Widgets ?"]);
    assert_eq!(names(&one("<PackageId>$(MSBuildProjectName).Core</PackageId>")), ["NuGet Acme.Widgets.Core ?"]);
    assert_eq!(names(&one(&format!("{described}<Version>$(Next)</Version>"))), ["NuGet Acme.Widgets ?"]);
    for computed in ["<PackageId>$(Company).Widgets</PackageId>", "<PackageId Condition=\"x\">W</PackageId>"] {
        let found = one(computed);
        assert_eq!(names(&found), [""; 0], "{computed}");
        assert!(found.findings[0].message.contains("computes the name"), "{:?}", found.findings);
    }
    let fsharp = look_at(&[("src/F/F.fsproj", &project("<Description>d</Description>"))]);
    assert_eq!(names(&fsharp), ["NuGet F ?"]);
}

#[test]
fn only_what_is_meant_to_be_packed_is_a_package() {
    let found = |properties: &str| names(&one(properties)).len();
    assert_eq!(found("<TargetFramework>net10.0</TargetFramework>"), 0, "a part of a program");
    assert_eq!(found("<IsPackable>true</IsPackable>"), 1);
    assert_eq!(found("<PackageId>A</PackageId><IsPackable>False</IsPackable>"), 0);
    assert_eq!(found("<PackageId>A</PackageId><IsTestProject>true</IsTestProject>"), 0);
    assert_eq!(found("<PackageId>A</PackageId><IsPackable Condition=\"x\">false</IsPackable>"), 1);
    assert_eq!(found("<PackageId>A</PackageId><OutputType>Exe</OutputType>"), 0);
    assert_eq!(found("<OutputType>Exe</OutputType><PackAsTool>true</PackAsTool>"), 1);
    let whole = |text: &str| names(&look_at(&[(LIBRARY, text)])).len();
    let properties = "<PropertyGroup><Description>d</Description></PropertyGroup>";
    assert_eq!(whole(&format!("<Project Sdk=\"Microsoft.NET.Sdk.Web\">{properties}</Project>")), 0);
    assert_eq!(whole(&format!("<Project><Sdk Name=\"Microsoft.NET.Sdk\" />{properties}</Project>")), 1);
    assert_eq!(whole(&format!("<Project ToolsVersion=\"15.0\">{properties}</Project>")), 0, "the old style");
    let test = "<ItemGroup><PackageReference Include=\"Microsoft.NET.Test.Sdk\" /></ItemGroup>";
    assert_eq!(whole(&format!("<Project Sdk=\"Microsoft.NET.Sdk\">{properties}{test}</Project>")), 0);
}

#[test]
fn tests_samples_and_their_like_are_no_packages() {
    let text = project("<PackageId>A</PackageId>");
    for path in [
        "test/A/A.csproj",
        "samples/A/A.csproj",
        "src/A.Tests/A.Tests.csproj",
        "src/B/A.UnitTests.csproj",
        "a/A.Benchmarks.csproj",
    ] {
        assert_eq!(names(&look_at(&[(path, &text)])), [""; 0], "{path}");
    }
    assert_eq!(names(&look_at(&[("src/AwsTestServer/Acme.TestServer.csproj", &text)])), ["NuGet A ?"]);
}

#[test]
fn the_nearest_shared_file_gives_what_the_project_does_not() {
    let props = |properties: &str| format!("<Project><PropertyGroup>{properties}</PropertyGroup></Project>");
    let root = props(
        "<VersionPrefix>2.0.0</VersionPrefix><PackageTags>a;b</PackageTags>\
                      <RepositoryUrl>https://github.com/acme/widgets.git</RepositoryUrl>",
    );
    let off = props("<IsPackable>false</IsPackable>");
    let found = look_at(&[
        ("Directory.Build.props", &root),
        ("src/A/A.csproj", &project("")),
        ("src/B/B.csproj", &project("<VersionPrefix>3.0.0</VersionPrefix>")),
        ("apps/Directory.Build.props", &off),
        ("apps/C/C.csproj", &project("")),
        ("apps/D/D.csproj", &project("<IsPackable>true</IsPackable>")),
    ]);
    assert_eq!(names(&found), ["NuGet A 2.0.0", "NuGet B 3.0.0", "NuGet D ?"]);
    assert_eq!(package(&found, "A").repository, "acme/widgets".parse().ok());
}

#[test]
fn a_broken_shared_file_is_one_finding_for_all_its_projects() {
    let text = project("<PackageId>A</PackageId>");
    let other = project("<PackageId>B</PackageId>");
    let found = look_at(&[
        ("Directory.Build.props", "<Project>\n<a></b>"),
        ("src/A/A.csproj", &text),
        ("src/B/B.csproj", &other),
    ]);
    assert_eq!(names(&found), ["NuGet A ?", "NuGet B ?"]);
    let [finding] = &found.findings[..] else { panic!("{:?}", found.findings) };
    assert_eq!(finding.at.as_ref().unwrap().line, 2);
}
