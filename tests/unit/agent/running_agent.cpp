#include "running_agent.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <cstring>
#include <utility>

namespace hearth::testing {
namespace {

constexpr int patience = 30'000;  // Milliseconds; only a failing test waits for so long.

}  // namespace

std::optional<Client> Client::connect(const std::string& runtime_folder) {
    const int folder = ::open(runtime_folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return std::nullopt;
    const std::string path = "/proc/self/fd/" + std::to_string(folder) + "/agent.sock";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    Client client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const bool connected =
        ::connect(client.socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(folder);
    if (!connected) return std::nullopt;
    return client;
}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), arrived_(std::move(other.arrived_)) {}

void Client::close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void Client::shut_down_writing() const { ::shutdown(socket_, SHUT_WR); }

void Client::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (size <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
}

std::string Client::line() {
    while (true) {
        if (const auto end = arrived_.find('\n'); end != std::string::npos) {
            auto line = arrived_.substr(0, end);
            arrived_.erase(0, end + 1);
            return line;
        }
        pollfd state{.fd = socket_, .events = POLLIN, .revents = 0};
        if (::poll(&state, 1, patience) <= 0) {
            ADD_FAILURE() << "no answer in time";
            return {};
        }
        std::array<char, 65536> piece{};
        const auto size = ::recv(socket_, piece.data(), piece.size(), 0);
        if (size <= 0) return {};
        arrived_.append(piece.data(), static_cast<std::size_t>(size));
    }
}

bool Client::closed_within(int milliseconds) const {
    pollfd state{.fd = socket_, .events = POLLRDHUP, .revents = 0};
    return ::poll(&state, 1, milliseconds) > 0;
}

json::Document Client::answer(std::string_view request) {
    ask(request);
    const auto text = line();
    auto document = json::Document::parse(text);
    EXPECT_TRUE(document) << request << " -> " << text;
    return document ? *document : json::Document();
}

pid_t start_agent(const std::string& home, const std::vector<std::string>& arguments,
                  int standard_input, const std::string& program) {
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    std::string variable = "HEARTH_HOME=" + home;
    std::array<char*, 2> environment{variable.data(), nullptr};
    const pid_t child = ::fork();
    if (child == 0) {
        if (standard_input >= 0) ::dup2(standard_input, STDIN_FILENO);
        ::execve(pointers[0], pointers.data(), environment.data());
        ::_exit(127);
    }
    return child;
}

int exit_status(pid_t process) {
    int status = -1;
    if (::waitpid(process, &status, 0) != process) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool wait_for_end(std::int64_t process) {
    const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    if (handle < 0) return true;
    pollfd state{.fd = handle, .events = POLLIN, .revents = 0};
    const bool ended = ::poll(&state, 1, patience) > 0;
    ::close(handle);
    return ended;
}

RunningAgent::RunningAgent(const std::string& below) : home_(folder_.path() + below) {
    write_file(home_ + "/config.toml",
               "[store]\nkind = \"memory\"\n\n[profiles.key]\nprovider = \"claude\"\n");
    // The program returns once its agent listens.
    EXPECT_EQ(exit_status(start_agent(home_, {})), 0);
    process_ = client().answer(R"({"op":"hello"})").object("ok").number("pid").value_or(0);
    EXPECT_GT(process_, 0);
}

RunningAgent::~RunningAgent() {
    if (auto last = Client::connect(runtime())) last->answer(R"({"op":"agent_stop"})");
    EXPECT_TRUE(process_ <= 0 || wait_for_end(process_));
}

Client RunningAgent::client() const {
    auto connected = Client::connect(runtime());
    EXPECT_TRUE(connected);
    return connected ? *std::move(connected) : Client(-1);
}

void RunningAgent::sign_in() const {
    const auto answer = client().answer(std::string(R"({"op":"login","profile":"key","token":")") +
                                        api_key + "\"}");
    EXPECT_TRUE(answer.has("ok"));
}

}  // namespace hearth::testing
