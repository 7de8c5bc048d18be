Task("test")
    .Description("Everything; --changed (or --changed=<revision>) only what a change touches, --write what the repository derives from itself.")
    .Does(() => RunSuite());
