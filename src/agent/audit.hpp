#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agent/log.hpp"
#include "core/name.hpp"
#include "session/loop.hpp"

namespace hearth::agent {

// Who was handed which profile's credential, and when; never what. The first hand-out to a process
// is a line at once (within a second), further ones of the same minute are counted and become one
// line at its end. Loop thread only.
class Audit {
  public:
    Audit(const Clock& clock, session::Loop& loop, std::string path)
        : clock_(clock), loop_(loop), file_(std::move(path)) {}
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;
    ~Audit();

    // Told of what becomes a line at once, with what the line says, for people.
    using First = std::function<void(const ProfileName& profile, std::string text)>;
    void tell(First first) { first_ = std::move(first); }

    // `executable` is asked for when a line needs it.
    void handed_out(std::int64_t pid, const ProfileName& profile, std::string_view operation,
                    const std::function<std::string()>& executable);
    // Writes what is pending now.
    void flush();

  private:
    struct Key {
        std::int64_t pid;
        std::string profile;
        std::string_view operation;  // A literal of the table of operations.
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const noexcept;
    };
    struct Entry {
        std::string executable;
        std::uint64_t uncounted = 0;
    };
    static constexpr std::size_t entry_limit = 4096;

    void line(const Key& key, const std::string& executable, std::uint64_t count);
    void close_minute();
    void arm();

    const Clock& clock_;
    session::Loop& loop_;
    LineFile file_;
    First first_;
    std::string pending_;
    std::unordered_map<Key, Entry, Hash> minute_;
    Span minute_ends_{};
    session::Loop::TimerId timer_ = 0;
};

}  // namespace hearth::agent
