#include "agent/startup.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "agent/bare.hpp"
#include "agent/listening_socket.hpp"
#include "agent/lock_file.hpp"
#include "core/try.hpp"
#include "system/files.hpp"

namespace hearth::agent {
namespace {

Error wrong(std::string what) {
    return Error{Remedy::usage, std::move(what), "hearth-agent --help"};
}

// Tells the process that started the agent how it went.
class Readiness {
  public:
    Readiness() = default;
    explicit Readiness(Descriptor pipe) : pipe_(std::move(pipe)) {}
    void tell() {
        if (!pipe_.open()) return;
        [[maybe_unused]] const auto size = ::write(pipe_.number(), "1", 1);
        pipe_ = {};
    }

  private:
    Descriptor pipe_;
};

// Goes on in a child of its own session, and only there; the parent ends once the child is ready or
// has failed. No thread may run yet.
Result<Readiness> become_daemon() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(system_error("open a pipe"));
    const Descriptor reading(ends[0]);
    Descriptor writing(ends[1]);
    const auto child = ::fork();
    if (child < 0) return std::unexpected(system_error("start the agent's process"));
    if (child == 0) {
        (void)::setsid();
        return Readiness(std::move(writing));
    }
    writing = {};
    char told = 0;
    const bool ready = ::read(reading.number(), &told, 1) == 1;
    ::_exit(ready ? EXIT_SUCCESS : EXIT_FAILURE);
}

void leave_terminal() {
    [[maybe_unused]] const int moved = ::chdir("/");
    const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!nothing.open()) return;
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        (void)::dup2(nothing.number(), standard);
    }
}

}  // namespace

Result<Arguments> Arguments::parse(std::span<char* const> words) {
    Arguments arguments;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word == "--foreground") {
            arguments.foreground = true;
        } else if (word == "--once") {
            arguments.once = true;
        } else if (word == "--version") {
            arguments.version = true;
        } else if (word == "--help" || word == "-h") {
            arguments.help = true;
        } else if (word == "--bare" && i + 1 < words.size()) {
            arguments.bare = words[++i];
        } else if (word == "--prefetch" && i + 1 < words.size()) {
            arguments.prefetch.push_back(HEARTH_TRY(ProfileName::parse(words[++i])));
        } else {
            return std::unexpected(wrong("'" + std::string(word) + "' is not understood"));
        }
    }
    if (arguments.once && arguments.foreground) {
        return std::unexpected(wrong("--once and --foreground exclude each other"));
    }
    if (!arguments.bare.empty() && (!arguments.once || arguments.prefetch.size() != 1)) {
        return std::unexpected(wrong("--bare goes with --once and one --prefetch"));
    }
    return arguments;
}

Result<> run_agent(const Arguments& arguments, Agent::Options options,
                   const Environment& environment) {
    const Places places = options.places;
    HEARTH_CHECK(system::ensure_private_folder(places.state_folder));
    auto lock = HEARTH_TRY(try_lock_file(places.agent_lock()));
    if (!lock) return {};
    auto listening = inherited_socket(environment);
    const bool owns_path = !listening;
    Readiness readiness;
    if (!arguments.foreground) readiness = HEARTH_TRY(become_daemon());
    // The keychain is asked first; everything else happens while it answers.
    const auto agent = HEARTH_TRY(Agent::start(std::move(options)));
    if (owns_path) listening = HEARTH_TRY(bind_socket(places));
    if (!arguments.foreground) leave_terminal();
    readiness.tell();
    agent->serve(*std::move(listening), *std::move(lock), owns_path);
    return {};
}

Result<> run_once(const Arguments& arguments, Agent::Options options,
                  const Environment& environment) {
    if (!arguments.bare.empty())
        options.settings = HEARTH_TRY(bare_settings(arguments, environment));
    options.once = true;
    options.prefetch = arguments.prefetch;
    // Whatever this process starts must not hold the client's connection open.
    Descriptor client(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    int type = 0;
    socklen_t size = sizeof type;
    if (!client.open() || ::getsockopt(client.number(), SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
        return std::unexpected(wrong("--once serves a socket, and standard input is none"));
    }
    const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (nothing.open()) (void)::dup2(nothing.number(), STDIN_FILENO);
    (void)::fcntl(client.number(), F_SETFL, ::fcntl(client.number(), F_GETFL) | O_NONBLOCK);
    const auto agent = HEARTH_TRY(Agent::start(std::move(options)));
    agent->serve_one(std::move(client));
    return {};
}

}  // namespace hearth::agent
