// A private message bus with the real gnome-keyring on it, whose default collection a test can
// lock, kill or freeze.
#pragma once

#include <sys/types.h>

#include <string>

namespace hearth::testing {

// Throws std::runtime_error with the reason when the bus or the daemon does not come up.
class Keyring {
  public:
    Keyring();
    ~Keyring();
    Keyring(const Keyring&) = delete;
    Keyring& operator=(const Keyring&) = delete;

    [[nodiscard]] std::string address() const { return "unix:path=" + folder_ + "/bus"; }
    [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
    [[nodiscard]] pid_t daemon() const noexcept { return daemon_; }

    // Starts the daemon; the first password makes the collection, a later one has to fit for it to
    // be open.
    void start(const std::string& password = "correct horse");
    void kill();  // As after a crash.
    void kill_bus();
    void start_bus();
    void freeze() const;  // Calls are taken and not answered.
    void thaw() const;
    void lock() const;
    void unlock(const std::string& password = "correct horse") const;
    // What another program finds: how many items of this application there are, and the label of
    // one.
    [[nodiscard]] int items() const;
    [[nodiscard]] std::string label() const;

  private:
    [[nodiscard]] bool owned() const;
    [[nodiscard]] std::string collection() const;

    std::string folder_;
    pid_t bus_ = -1;
    pid_t daemon_ = -1;
};

// A bus that accepts a connection and never says a word.
class SilentBus {
  public:
    SilentBus();
    ~SilentBus();
    SilentBus(const SilentBus&) = delete;
    SilentBus& operator=(const SilentBus&) = delete;
    [[nodiscard]] std::string address() const { return "unix:path=" + folder_ + "/bus"; }

  private:
    std::string folder_;
    int socket_ = -1;
};

}  // namespace hearth::testing
