namespace PortfolioProject.Upkeep.Tests;

public sealed class GitTests
{
    [Fact]
    public void A_folder_outside_version_control_tracks_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("upkeep-");
        try
        {
            var git = Git.Ask(folder.FullName);
            Assert.False(git.IsRepository);
            Assert.Empty(git.Tracked);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
