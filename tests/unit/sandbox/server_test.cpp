// Starts the program and talks to it over a socket, byte by byte.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <string>
#include <vector>

extern char** environ;

namespace {

class Program {
  public:
    explicit Program(std::vector<std::string> more) {
        std::vector<std::string> words = {SANDBOX_PROGRAM, "--json", "--die-with-parent"};
        words.insert(words.end(), more.begin(), more.end());
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        int ends[2];
        if (::pipe(ends) != 0) return;
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        ::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        std::string line;
        for (char byte = 0; ::read(ends[0], &byte, 1) == 1 && byte != '\n';) line += byte;
        ::close(ends[0]);
        boost::system::error_code error;
        const auto parsed = boost::json::parse(line, error);
        if (!error && parsed.is_object()) announced_ = parsed.get_object();
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() { end(); }

    [[nodiscard]] const boost::json::object& announced() const { return announced_; }
    [[nodiscard]] std::uint16_t port() const {
        return static_cast<std::uint16_t>(announced_.at("port").as_int64());
    }
    // Asks it to end; its exit status.
    int end() {
        if (pid_ <= 0) return -1;
        ::kill(pid_, SIGTERM);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    pid_t pid_ = -1;
    boost::json::object announced_;
};

int connected(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return socket;
}

// Everything that the server sends until it closes the connection.
std::string asked(std::uint16_t port, const std::string& request) {
    const int socket = connected(port);
    EXPECT_EQ(::send(socket, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string answer;
    char bytes[4096];
    for (ssize_t count = 0; (count = ::recv(socket, bytes, sizeof bytes, 0)) > 0;)
        answer.append(bytes, static_cast<std::size_t>(count));
    ::close(socket);
    return answer;
}

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
}

std::string post(const std::string& path, const std::string& type, const std::string& body,
                 const std::string& more = "") {
    return "POST " + path +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
}

std::size_t body_size(const std::string& answer) {
    return answer.size() - (answer.find("\r\n\r\n") + 4);
}
std::size_t declared_size(const std::string& answer) {
    return std::stoul(answer.substr(answer.find("Content-Length: ") + 16));
}

TEST(SandboxProgram, announces_itself_serves_and_ends_when_told) {
    Program program({});
    ASSERT_TRUE(program.announced().contains("issuer"));
    const auto answer = asked(program.port(), get("/.well-known/openid-configuration"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
    EXPECT_NE(answer.find(std::string(program.announced().at("issuer").as_string())),
              std::string::npos);
    EXPECT_EQ(program.end(), 0);
}

TEST(SandboxProgram, answers_several_requests_on_one_connection) {
    Program program({});
    const std::string kept = "GET /jwks HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const auto answer = asked(program.port(), kept + kept + get("/jwks"));
    std::size_t answers = 0;
    for (auto at = answer.find("HTTP/1.1 200"); at != std::string::npos;
         at = answer.find("HTTP/1.1 200", at + 1))
        ++answers;
    EXPECT_EQ(answers, 3U);
}

TEST(SandboxProgram, drops_the_connection_without_a_byte) {
    Program program({"--fault", "jwks:drop-before@1"});
    EXPECT_EQ(asked(program.port(), get("/jwks")), "");
    EXPECT_TRUE(asked(program.port(), get("/jwks")).starts_with("HTTP/1.1 200"));
}

TEST(SandboxProgram, cuts_a_body_shorter_than_it_declared) {
    Program program({"--fault", "jwks:truncate@1"});
    const auto cut = asked(program.port(), get("/jwks"));
    EXPECT_LT(body_size(cut), declared_size(cut));
    const auto whole = asked(program.port(), get("/jwks"));
    EXPECT_EQ(body_size(whole), declared_size(whole));
}

TEST(SandboxProgram, streams_in_chunks_until_the_end) {
    Program program({});
    const std::string key(program.announced().at("api_keys").at(0).as_string());
    const auto answer = asked(
        program.port(),
        post(
            "/v1/messages", "application/json",
            R"({"model":"m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]})",
            "anthropic-version: 2023-06-01\r\nx-api-key: " + key + "\r\n"));
    EXPECT_NE(answer.find("Transfer-Encoding: chunked"), std::string::npos);
    EXPECT_NE(answer.find("event: message_stop"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("0\r\n\r\n"));
}

TEST(SandboxProgram, forgets_a_delayed_request_whose_client_has_left) {
    Program program({"--fault", "register:delay=100@1"});
    const auto request =
        post("/register", "application/json", R"({"redirect_uris":["http://127.0.0.1/"]})");
    const int socket = connected(program.port());
    ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
    ::shutdown(socket, SHUT_WR);
    char byte = 0;
    EXPECT_EQ(::recv(socket, &byte, 1, 0), 0) << "closed without an answer";
    ::close(socket);
    EXPECT_TRUE(asked(program.port(), request).starts_with("HTTP/1.1 201"));
}

TEST(SandboxProgram, ends_with_the_process_that_started_it) {
    // The sandbox is orphaned when the process between ends; as its new parent this test can wait
    // for it.
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t between = ::fork();
    if (between == 0) {
        Program program({});
        const auto pid = static_cast<pid_t>(program.announced().at("pid").as_int64());
        [[maybe_unused]] const auto written = ::write(ends[1], &pid, sizeof pid);
        ::_exit(0);
    }
    pid_t sandbox = -1;
    ASSERT_EQ(::read(ends[0], &sandbox, sizeof sandbox), static_cast<ssize_t>(sizeof sandbox));
    ::waitpid(between, nullptr, 0);
    int status = -1;
    EXPECT_EQ(::waitpid(sandbox, &status, 0), sandbox);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(SandboxProgram, refuses_a_fault_it_does_not_know) {
    Program program({"--fault", "token:nonsense"});
    EXPECT_TRUE(program.announced().empty());
}

}  // namespace
