# ./build.ps1 [target] [template] [--option=value …]: ./build.ps1, ./build.ps1 demo, ./build.ps1 test --template=mlportfolio-evalharness
$ErrorActionPreference = 'Stop'
$caller = (Get-Location).Path
$words = @($args | Where-Object { $_ -notlike '--*' })
$options = @($args | Where-Object { $_ -like '--*' })
if ($words.Count -gt 1) { $options += "--template=$($words[1])" }
$target = if ($words.Count -gt 0) { $words[0] } else { 'help' }
$env:DOTNET_NOLOGO = '1'; $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'; $env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'; $env:MSBUILDDISABLENODEREUSE = '1'
Push-Location $PSScriptRoot
try {
    dotnet tool restore | Out-Null
    dotnet cake build/build.cake "--target=$target" "--caller=$caller" @options
    exit $LASTEXITCODE
}
finally {
    Pop-Location
}
