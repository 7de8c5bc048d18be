Task("lint")
    .Description("L0: template.json, host files and content against the rules, each with an example that it catches. Seconds.")
    .Does(() => RunSuite("L0"));
