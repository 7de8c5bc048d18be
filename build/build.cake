// The build: one task a file. The work on templates is C# in tests/Pack.Tests, which the tasks call with a filter.
#load "shared/*.cake"
#load "tasks/*.cake"

RunTarget(Argument("target", "help"));
