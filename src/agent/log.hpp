#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"

namespace hearth::agent {

enum class LogLevel : std::uint8_t { off, error, warn, info, debug };
// "off", "error", "warn", "info" or "debug"; absent for anything else.
std::optional<LogLevel> parse_log_level(std::string_view text) noexcept;

// A file of lines that only its owner reads. When it has grown to its limit it becomes FILE.1 and a
// new one begins; a link or a pipe in its place is removed first. What cannot be written is
// dropped: nothing waits or fails for it. Loop thread only.
class LineFile {
  public:
    explicit LineFile(std::string path) : path_(std::move(path)) {}
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;
    ~LineFile();

    // Whole lines.
    void append(std::string_view lines);

  private:
    static constexpr std::int64_t limit = 1024L * 1024;
    void open();

    std::string path_;
    int file_ = -1;
    std::int64_t size_ = 0;
};

// The agent's log. Callers hand in names and reasons, never a secret. Loop thread only.
class Log {
  public:
    Log(const Clock& clock, std::string path, LogLevel level)
        : clock_(clock), file_(std::move(path)), level_(level) {}

    void error(std::string_view text) { write(LogLevel::error, "error", text); }
    void warn(std::string_view text) { write(LogLevel::warn, "warn", text); }
    void info(std::string_view text) { write(LogLevel::info, "info", text); }
    void debug(std::string_view text) { write(LogLevel::debug, "debug", text); }
    [[nodiscard]] bool verbose() const noexcept { return level_ == LogLevel::debug; }

  private:
    void write(LogLevel level, std::string_view word, std::string_view text);

    const Clock& clock_;
    LineFile file_;
    LogLevel level_;
};

}  // namespace hearth::agent
