#include <csignal>
#include <cstdio>
#include <exception>

#include "agent/outside.hpp"
#include "agent/startup.hpp"
#include "core/try.hpp"
#include "system/confinement.hpp"
#include "system/process.hpp"

namespace {

using namespace hearth;

constexpr auto usage =
    "usage: hearth-agent [--foreground]            serve every program of this user\n"
    "       hearth-agent --once [--prefetch NAME]  serve the client at standard input, a socket\n"
    "       hearth-agent --once --bare PROVIDER --prefetch NAME\n"
    "                                              the same, with this profile and no settings\n"
    "       hearth-agent --version | --help\n"
    "\n"
    "hearth starts the agent when it is needed; --foreground is for service managers and\n"
    "containers. HEARTH_LOG (off, error, warn, info, debug) says how much it writes into its "
    "log.\n";

Result<> run(std::span<char* const> words) {
    const auto arguments = HEARTH_TRY(agent::Arguments::parse(words));
    if (arguments.help) return std::puts(usage), Result<>();
    if (arguments.version) return std::puts("hearth-agent " HEARTH_VERSION), Result<>();
    const auto environment = system::environment();
    agent::Agent::Options options{
        .places = HEARTH_TRY(places(environment)), .version = HEARTH_VERSION, .prefetch = {}};
    if (const auto level = environment("HEARTH_LOG")) {
        options.log_level = agent::parse_log_level(*level).value_or(agent::LogLevel::info);
    }
    HEARTH_CHECK(system::harden_process());
    options.outside = HEARTH_TRY(agent::begin_outside(options.places));
    options.confined = system::confine_process();
    (void)std::signal(SIGPIPE, SIG_IGN);
    if (arguments.once) return agent::run_once(arguments, std::move(options), environment);
    return agent::run_agent(arguments, std::move(options), environment);
}

}  // namespace

int main(int count, char** words) {
    try {
        const auto done = run({words + 1, static_cast<std::size_t>(count > 0 ? count - 1 : 0)});
        if (done) return 0;
        (void)std::fprintf(stderr, "hearth-agent: %s\n", done.error().what.c_str());
        if (!done.error().hint.empty())
            (void)std::fprintf(stderr, "hint: %s\n", done.error().hint.c_str());
        return static_cast<int>(done.error().remedy);
    } catch (const std::exception& problem) {
        (void)std::fprintf(stderr, "hearth-agent: %s\n", problem.what());
    }
    return 1;
}
