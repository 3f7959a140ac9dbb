#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "sandbox/banner.hpp"
#include "sandbox/cloud.hpp"
#include "sandbox/server.hpp"

namespace {

using namespace hearth::sandbox;

struct Arguments {
    Settings settings;
    std::vector<std::string> faults;
    std::uint16_t port = 0;
    std::int64_t access_ttl = 3600;
    std::int64_t refresh_ttl = 30L * 24 * 3600;
    std::int64_t refresh_leeway = 0;
    std::int64_t device_interval = 5;
    std::int64_t device_ttl = 600;
    int device_polls = 0;
    std::int64_t aws_ttl = 0;
    std::int64_t google_ttl = 3600;
    bool no_rotation = false;
    bool no_registration = false;
    bool json = false;
    bool die_with_parent = false;
};

void describe(CLI::App& program, Arguments& arguments) {
    const auto positive = CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000});
    program.add_option("--port", arguments.port,
                       "Port on 127.0.0.1 and ::1; 0 lets the system choose");
    program.add_flag("--json", arguments.json,
                     "Print one line of JSON with all addresses, once it listens");
    program.add_flag("--auto-approve", arguments.settings.auto_approve,
                     "Say yes to every sign-in, without a person");
    program
        .add_option("--device-polls", arguments.device_polls,
                    "With --auto-approve: polls that wait before the yes")
        ->check(CLI::NonNegativeNumber);
    program
        .add_option("--device-interval", arguments.device_interval,
                    "Seconds between the polls of a device")
        ->check(positive);
    program.add_option("--device-ttl", arguments.device_ttl, "Seconds that a device's code lives")
        ->check(positive);
    program.add_option("--access-ttl", arguments.access_ttl, "Seconds that an access token lives")
        ->check(positive);
    program
        .add_option("--refresh-ttl", arguments.refresh_ttl, "Seconds that a refresh token lives")
        ->check(positive);
    program
        .add_option("--refresh-leeway", arguments.refresh_leeway,
                    "Seconds in which the refresh token before the newest still answers")
        ->check(CLI::NonNegativeNumber);
    program
        .add_option("--aws-ttl", arguments.aws_ttl,
                    "Seconds that the credentials of AWS's roles live, whatever is asked for")
        ->check(positive);
    program
        .add_option("--google-ttl", arguments.google_ttl,
                    "Seconds that Google's access tokens live")
        ->check(positive);
    program.add_flag("--no-rotation", arguments.no_rotation, "Refresh tokens stay the same");
    program.add_flag("--no-registration", arguments.no_registration, "Refuse dynamic registration");
    program.add_option("--redirect-uri", arguments.settings.redirect_uris,
                       "One more redirect of the preregistered clients; repeatable");
    program
        .add_option("--fault", arguments.faults,
                    "Misbehave: ENDPOINT:FAULT[=VALUE][,FAULT...][@TIMES]; repeatable")
        ->allow_extra_args(false);
    program.add_flag("--records-with-tokens", arguments.settings.records_with_tokens,
                     "Let the records show the newest tokens of each family");
    program.add_flag("--die-with-parent", arguments.die_with_parent,
                     "End when the process that started it ends");
}

Settings settings_of(const Arguments& arguments, std::uint16_t port) {
    Settings settings = arguments.settings;
    settings.origin = fmt::format("http://127.0.0.1:{}", port);
    settings.lifetimes.access = seconds(arguments.access_ttl);
    settings.lifetimes.refresh = seconds(arguments.refresh_ttl);
    settings.lifetimes.leeway = seconds(arguments.refresh_leeway);
    settings.lifetimes.rotation = !arguments.no_rotation;
    settings.devices.interval = seconds(arguments.device_interval);
    settings.devices.lifetime = seconds(arguments.device_ttl);
    if (settings.auto_approve) settings.devices.approve_after_polls = arguments.device_polls;
    settings.registration = !arguments.no_registration;
    if (arguments.aws_ttl > 0) settings.aws.lifetime = seconds(arguments.aws_ttl);
    settings.google.lifetime = seconds(arguments.google_ttl);
    return settings;
}

int fail(int status, std::string_view what) {
    fmt::print(stderr, "hearth-sandbox: {}\n", what);
    return status;
}

int run(const Arguments& arguments) {
    std::vector<Fault> faults;
    for (const auto& spec : arguments.faults) {
        auto fault = Fault::parse(spec);
        if (!fault) return fail(2, fmt::format("--fault {}: {}", spec, fault.error()));
        faults.push_back(*std::move(fault));
    }
    auto server = Server::listen(arguments.port);
    if (!server) return fail(1, server.error());
    if (arguments.die_with_parent && !(*server)->die_with_parent())
        return fail(1, "this system does not let a process watch its parent");
    Cloud cloud(settings_of(arguments, (*server)->port()));
    for (auto& fault : faults) cloud.state().faults.add(std::move(fault));
    if (arguments.json)
        fmt::print("{}\n", announcement(cloud.state(), (*server)->port(), ::getpid()));
    else
        fmt::print("{}", banner(cloud.state()));
    (void)std::fflush(stdout);
    (*server)->serve(cloud);
    return 0;
}

}  // namespace

int main(int count, char** words) try {
    CLI::App program(
        "A private cloud on loopback: an authorization server and a Claude face to try and test "
        "with");
    program.name("hearth-sandbox");
    Arguments arguments;
    describe(program, arguments);
    try {
        program.parse(count, words);
        return run(arguments);
    } catch (const CLI::ParseError& error) {
        return error.get_exit_code() == 0 ? program.exit(error) : (program.exit(error), 2);
    }
} catch (const std::exception& error) {
    return fail(1, error.what());
}
