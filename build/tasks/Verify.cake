Task("verify")
    .Description("L2: restores, builds, formats and tests what is generated.")
    .Does(() => RunSuite("L2"));
