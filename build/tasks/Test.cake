Task("test")
    .Description("Everything.")
    .Does(() => RunSuite());
