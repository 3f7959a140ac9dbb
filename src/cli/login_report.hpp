// What a sign-in tells the person, or the program that started it.
#pragma once

#include <cstdint>
#include <string>

#include "cli/command.hpp"
#include "cli/json_view.hpp"
#include "cli/terminal.hpp"
#include "hearth/error.hpp"

namespace hearth::cli {

// How the address of a sign-in reaches the person.
enum class Opened : std::uint8_t { by_us, failed, not_wanted };

class LoginReport {
  public:
    LoginReport(Terminal& terminal, Format format);

    void open(const std::string& profile, const std::string& url, Opened opened);
    void code(const JsonView& event);
    // A code may be typed from now on; `url` is the page that shows it.
    void paste(const std::string& url);
    // A code of this MFA device may be typed from now on.
    void ask_code(const std::string& device);
    // Whether pasting is the only way: the page that was opened is the one that shows the code.
    [[nodiscard]] bool only_paste(const std::string& url) const { return url == opened_; }
    void notice(const std::string& text);
    void done(const JsonView& answer);
    // What the file held is kept.
    void file_kept(const std::string& path);
    ExitStatus failed(const Error& error);
    ExitStatus interrupted();

    // Draws one more step of the spinner; nothing where there is none.
    void turn();
    [[nodiscard]] bool turning() const noexcept { return spinning_; }

  private:
    void say(const std::string& text);
    void clear();

    Terminal& terminal_;
    Format format_;
    bool rich_;  // stderr is a terminal that takes more than plain lines.
    bool spinning_ = false;
    std::string opened_;  // The page that was opened last.
    bool drawn_ = false;
    std::size_t step_ = 0;
};

}  // namespace hearth::cli
