#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>

#include "cli/agent_link.hpp"
#include "cli/spawn.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds start_limit{5000};
constexpr milliseconds first_pause{1};
constexpr milliseconds longest_pause{20};

void sleep_for(milliseconds span) noexcept {
    const timespec pause{.tv_sec = 0, .tv_nsec = span.count() * 1'000'000};
    (void)::nanosleep(&pause, nullptr);
}

// A path that is too long for a socket's address is reached through its folder.
Result<std::optional<Descriptor>> connect_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    Descriptor folder;
    std::string reachable = path;
    if (path.size() >= sizeof address.sun_path) {
        const auto slash = path.rfind('/');
        folder =
            Descriptor(::open(path.substr(0, slash).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!folder.open() && errno == ENOENT) return std::nullopt;
        if (!folder.open()) return std::unexpected(system_error("open " + path.substr(0, slash)));
        reachable = "/proc/self/fd/" + std::to_string(folder.number()) + path.substr(slash);
    }
    std::memcpy(static_cast<char*>(address.sun_path), reachable.c_str(), reachable.size() + 1);
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket.open()) return std::unexpected(system_error("open a socket"));
    if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
        0)
        return socket;
    if (errno == ENOENT || errno == ECONNREFUSED) return std::nullopt;
    return std::unexpected(system_error("connect to " + path));
}

// Somebody else's agent would learn what it is asked, and passphrases.
Result<> check_owner(const Descriptor& socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return std::unexpected(system_error("tell whose agent this is"));
    if (peer.uid == ::geteuid()) return {};
    return std::unexpected(Error{Remedy::refused, "the agent's socket belongs to another user",
                                 "set HEARTH_HOME, or XDG_RUNTIME_DIR, to a folder of your own"});
}

// hearth-agent beside this program, or below its prefix; else the name, to be looked for in PATH.
std::string agent_program() {
    std::array<char, 4096> buffer{};
    const auto size = ::readlink("/proc/self/exe", buffer.data(), buffer.size());
    const std::string program(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    const auto folder = program.substr(0, program.rfind('/') + 1);
    for (const auto* place : {"hearth-agent", "../libexec/hearth/hearth-agent"}) {
        const auto path = folder + place;
        if (!folder.empty() && ::access(path.c_str(), X_OK) == 0) return path;
    }
    return "hearth-agent";
}

// The folder and those above it, for their owner alone where they are new.
void make_folders(const std::string& folder) noexcept {
    for (std::size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
        (void)::mkdir(folder.substr(0, slash).c_str(), 0700);
        if (slash == std::string::npos) return;
    }
}

struct Log {
    Descriptor file;
    off_t before = 0;  // Its size when it was opened.
};

Descriptor open_lines(const Descriptor& folder, const std::string& path, int more) {
    constexpr int flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
    return Descriptor(::openat(folder.number(), path.c_str() + path.rfind('/') + 1, flags | more,
                               S_IRUSR | S_IWUSR));
}

Result<Log> open_log(const Places& places) {
    make_folders(places.state_folder);
    const Descriptor folder(
        ::open(places.state_folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.open()) {
        return std::unexpected(system_error("open the folder " + places.state_folder));
    }
    Log log{.file = open_lines(folder, places.agent_log(), 0)};
    // What stands there under another name as well is not for an agent to write into.
    struct stat status{};
    if (log.file.open() && ::fstat(log.file.number(), &status) == 0 &&
        (!S_ISREG(status.st_mode) || status.st_nlink != 1)) {
        (void)::unlink(places.agent_log().c_str());
        log.file = open_lines(folder, places.agent_log(), O_EXCL);
    }
    if (!log.file.open()) return std::unexpected(system_error("open " + places.agent_log()));
    log.before = ::lseek(log.file.number(), 0, SEEK_END);
    return log;
}

// Takes the last line off the text.
std::string_view take_last_line(std::string_view& text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    const auto start = text.rfind('\n') + 1;  // Zero where there is no other line.
    const auto line = text.substr(start);
    text = text.substr(0, start);
    return line;
}

struct LastWords {
    std::string what;
    std::string hint;
};

// What the agent said last, and the hint below it.
LastWords last_words(const Log& log) {
    std::array<char, 4096> buffer{};
    const auto size = ::lseek(log.file.number(), 0, SEEK_END);
    const auto from = std::max(log.before, size - static_cast<off_t>(buffer.size()));
    const auto got = ::pread(log.file.number(), buffer.data(), buffer.size(), from);
    std::string_view text(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    constexpr std::string_view mark = "hint: ";
    const auto line = take_last_line(text);
    if (!line.starts_with(mark)) return {.what = std::string(line), .hint = {}};
    return {.what = std::string(take_last_line(text)),
            .hint = std::string(line.substr(mark.size())) + "; "};
}

Remedy remedy_of(int status) noexcept {
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return code >= 1 && code <= 6 ? static_cast<Remedy>(code) : Remedy::failed;
}

Error not_started(const Places& places, const Log& log, Remedy remedy) {
    const auto words = last_words(log);
    return Error{remedy, "the agent did not start" + (words.what.empty() ? "" : ": " + words.what),
                 words.hint + "its log is " + places.agent_log()};
}

// Waits for the process; false when it goes on too long. The system call, because this C library's
// header for its function does not work in C++.
bool has_ended(pid_t process) noexcept {
    const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    pollfd ended{.fd = handle.number(), .events = POLLIN, .revents = 0};
    return handle.open() && ::poll(&ended, 1, static_cast<int>(start_limit.count())) == 1;
}

}  // namespace

Result<std::optional<Descriptor>> connect_agent(const Places& places) {
    auto socket = HEARTH_TRY(connect_to(places.socket()));
    if (socket) HEARTH_CHECK(check_owner(*socket));
    return socket;
}

Result<Descriptor> start_agent(const Places& places) {
    const auto log = HEARTH_TRY(open_log(places));
    const auto agent = HEARTH_TRY(start({.words = {agent_program()}, .err = log.file.number()}));
    const auto limit = steady_clock::now() + start_limit;
    std::optional<int> death;
    for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
        sleep_for(pause);
        int status = 0;
        // Looked at before connecting: an agent that left because another one serves is no failure.
        if (!death && ::waitpid(agent, &status, WNOHANG) == agent) death = status;
        if (auto socket = HEARTH_TRY(connect_agent(places))) return *std::move(socket);
        if (death && *death != 0)
            return std::unexpected(not_started(places, log, remedy_of(*death)));
        if (steady_clock::now() > limit)
            return std::unexpected(not_started(places, log, Remedy::failed));
    }
}

Result<AgentForOnce> AgentForOnce::start(const std::string& prefetch, Descriptor& socket,
                                         const std::string& bare) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return std::unexpected(system_error("open a socket"));
    Descriptor ours(ends[0]);
    const Descriptor theirs(ends[1]);
    Spawn spawn{.words = {agent_program(), "--once"},
                .in = theirs.number(),
                .err = STDERR_FILENO,
                .ties = Spawn::Ties::inherits};
    if (!prefetch.empty()) spawn.words.insert(spawn.words.end(), {"--prefetch", prefetch});
    if (!bare.empty()) spawn.words.insert(spawn.words.end(), {"--bare", bare});
    const auto process = HEARTH_TRY(cli::start(spawn));
    socket = std::move(ours);
    return AgentForOnce(process);
}

void AgentForOnce::wait() noexcept {
    if (process_ == 0) return;
    (void)has_ended(process_);
    (void)::waitpid(std::exchange(process_, 0), nullptr, WNOHANG);
}

std::optional<Error> AgentForOnce::death() noexcept {
    int status = 0;
    if (process_ == 0 || !has_ended(process_)) return std::nullopt;
    if (::waitpid(std::exchange(process_, 0), &status, WNOHANG) <= 0) return std::nullopt;
    return Error{remedy_of(status), "hearth-agent --once ended before it answered", ""};
}

}  // namespace hearth::cli
