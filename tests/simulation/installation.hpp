// What the processes of one machine share: documents, journals, locks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "session/lock.hpp"
#include "simulation/scene.hpp"

namespace hearth::simulation {

class Installation {
  public:
    // One holding of one lock.
    struct Tenure {
        std::uint64_t number = 0;
        int process = 0;
        bool by_keeper = false;
        Span taken_at{};
        std::map<std::size_t, int> sent;  // How often each refresh token was sent.
        enum class Last : std::uint8_t { nothing, renewed, refused, lost, failed };
        Last last = Last::nothing;  // How the last exchange ended.
        bool unsaved = false;       // A save has failed.
    };

    explicit Installation(Scene& scene) : scene_(scene) {}

    std::map<std::string, std::string> documents;
    std::map<std::string, session::Journal> journals;
    Span shut_until{};       // The store can neither be read nor written.
    Span disk_full_until{};  // Nothing can be written.

    // Null when somebody else holds it.
    std::unique_ptr<session::HeldLock> take(const std::string& lock, int process, bool by_keeper);
    // The tenure of whoever holds the lock; null when nobody does.
    Tenure* held(const std::string& lock);
    [[nodiscard]] const std::map<std::string, Tenure>& held() const noexcept { return held_; }
    // The process is dead: so are its locks.
    void free_locks_of(int process);

  private:
    class Lock;
    Scene& scene_;
    std::map<std::string, Tenure> held_;
    std::uint64_t next_ = 1;
};

}  // namespace hearth::simulation
