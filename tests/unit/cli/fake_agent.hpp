// An agent whose answers the test says, on a socket below a home of its own.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hearth::cli {

// A folder that is gone when the test is over.
class TemporaryHome {
  public:
    TemporaryHome();
    ~TemporaryHome();
    TemporaryHome(const TemporaryHome&) = delete;
    TemporaryHome& operator=(const TemporaryHome&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  private:
    std::filesystem::path path_;
};

class FakeAgent {
  public:
    // What goes back for a line; it may be several lines, none, or no line at all.
    using Answer = std::function<std::string(const std::string& line)>;

    FakeAgent(const std::filesystem::path& home, Answer answer);
    ~FakeAgent();
    FakeAgent(const FakeAgent&) = delete;
    FakeAgent& operator=(const FakeAgent&) = delete;

    // Every line that came, in order.
    std::vector<std::string> lines();
    // Waits until so many lines have come, and so many connections have been closed by their
    // clients.
    void await_lines(std::size_t count);
    void await_closed(std::size_t count);
    // Writes to the connection that was opened last.
    void send(const std::string& text);
    void close_connections();

  private:
    void serve();
    void converse(int connection);

    int listener_ = -1;
    Answer answer_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
    std::vector<int> connections_;
    std::size_t closed_ = 0;
    std::vector<std::jthread> conversations_;
    std::jthread server_;
};

}  // namespace hearth::cli
