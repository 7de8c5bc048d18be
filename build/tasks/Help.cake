Task("help")
    .Description("Says what the targets are.")
    .Does(() =>
    {
        Console.WriteLine("./build.sh <target> [--template=<name>]");
        foreach (var task in Tasks.OrderBy(t => t.Name))
        {
            Console.WriteLine("  {0,-12} {1}", task.Name, task.Description);
        }
    });
