import LoginCore
