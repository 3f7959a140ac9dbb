#pragma once

#include <memory>
#include <mutex>

#include "agent/call.hpp"
#include "providers/provider.hpp"
#include "session/loop.hpp"

namespace hearth::agent {

// The person in front of the client's terminal: prompts go out as event lines, pasted codes come in
// as lines.
class RemotePerson : public providers::Person {
  public:
    RemotePerson(session::Loop& loop, const CallPtr& call) : loop_(loop), call_(call) {}

    void show(const providers::Prompt& prompt) override;
    void on_paste(std::function<void(Secret)> receive) override;
    // Loop thread.
    void paste(Secret pasted);

  private:
    session::Loop& loop_;
    std::weak_ptr<Call> call_;
    std::mutex mutex_;
    std::function<void(Secret)> receive_;
};

// {"event":{"type":"open","url":…}} and its like.
Secret prompt_line(const providers::Prompt& prompt);

}  // namespace hearth::agent
